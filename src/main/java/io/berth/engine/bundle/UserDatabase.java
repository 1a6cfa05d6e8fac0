package io.berth.engine.bundle;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks users up in a container's own passwd(5) and group(5) files, whose text may be anything at all: lines that make
 * no sense are passed over.
 */
public final class UserDatabase {

    private static final long MAX_ID = 65_535;

    private final String passwd;
    private final String group;

    public UserDatabase(String passwd, String group) {
        this.passwd = passwd;
        this.group = group;
    }

    /**
     * Resolves {@code user}, {@code uid}, {@code user:group} or {@code uid:gid}.
     *
     * @throws EngineException {@code USER_NOT_FOUND} if a name is in neither file, or a number is beyond 65535
     */
    public User find(@Nullable String spec) {
        if (spec == null || spec.isBlank()) {
            return root();
        }
        int colon = spec.indexOf(':');
        String userName = colon < 0 ? spec : spec.substring(0, colon);
        User user = findUser(userName.isEmpty() ? "0" : userName);
        if (colon < 0) {
            return user;
        }
        return new User(user.uid(), findGroup(spec.substring(colon + 1)), List.of(), user.home());
    }

    private User root() {
        return entry(passwd, "0", 2).flatMap(this::parseUser).orElse(User.ROOT);
    }

    private User findUser(String name) {
        OptionalLong number = id(name);
        Optional<User> known =
                (number.isPresent() ? entry(passwd, name, 2) : entry(passwd, name, 0)).flatMap(this::parseUser);
        if (known.isPresent()) {
            return known.get();
        }
        if (number.isPresent() && number.getAsLong() <= MAX_ID) {
            return new User(number.getAsLong(), 0, List.of(), "/");
        }
        throw new EngineException(
                Reason.USER_NOT_FOUND,
                "user '" + name + "' is not in the image's /etc/passwd; give a name that is, or a uid up to 65535");
    }

    private long findGroup(String name) {
        OptionalLong number = id(name);
        if (number.isPresent() && number.getAsLong() <= MAX_ID) {
            return number.getAsLong();
        }
        return entry(group, name, 0)
                .flatMap(fields -> fields.length > 2 ? boxed(id(fields[2])) : Optional.empty())
                .orElseThrow(() -> new EngineException(
                        Reason.USER_NOT_FOUND,
                        "group '" + name
                                + "' is not in the image's /etc/group; give a name that is, or a gid up to 65535"));
    }

    private Optional<User> parseUser(String[] fields) {
        if (fields.length < 6) {
            return Optional.empty();
        }
        OptionalLong uid = id(fields[2]);
        OptionalLong gid = id(fields[3]);
        if (uid.isEmpty() || gid.isEmpty() || uid.getAsLong() > MAX_ID || gid.getAsLong() > MAX_ID) {
            return Optional.empty();
        }
        String home = fields[5].startsWith("/") ? fields[5] : "/";
        return Optional.of(new User(uid.getAsLong(), gid.getAsLong(), groupsOf(fields[0]), home));
    }

    private List<Long> groupsOf(String name) {
        List<Long> groups = new ArrayList<>();
        group.lines().forEach(line -> {
            String[] fields = line.split(":", -1);
            if (fields.length >= 4 && List.of(fields[3].split(",")).contains(name)) {
                id(fields[2]).ifPresent(gid -> {
                    if (gid <= MAX_ID && groups.size() < 32) {
                        groups.add(gid);
                    }
                });
            }
        });
        return groups;
    }

    private static Optional<String[]> entry(String file, String key, int field) {
        return file.lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > field && fields[field].equals(key))
                .findFirst();
    }

    private static OptionalLong id(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() && value.getAsLong() <= MAX_ID ? Optional.of(value.getAsLong()) : Optional.empty();
    }
}
