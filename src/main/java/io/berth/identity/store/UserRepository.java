package io.berth.identity.store;

import io.berth.api.paging.PageRequest;
import io.berth.common.Ids;
import io.berth.identity.User;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users in the database. */
@ApplicationScoped
public class UserRepository implements PanacheRepositoryBase<UserEntity, String> {

    @Transactional
    public Optional<User> findUser(String id) {
        return findByIdOptional(id).map(UserEntity::toUser);
    }

    /** By id, or by name. */
    @Transactional
    public Optional<User> findUserByIdOrName(String idOrName) {
        return find("id = ?1 or name = ?1", idOrName).firstResultOptional().map(UserEntity::toUser);
    }

    /** Notes when users were here. */
    @Transactional
    public void seen(Map<String, Instant> uses) {
        uses.forEach((id, at) -> update("lastSeenAt = ?1 where id = ?2", at, id));
    }

    /**
     * Users, newest first; one more than the page holds.
     *
     * @param text part of a name or address, empty for all
     */
    @Transactional
    public List<User> list(String text, PageRequest page) {
        StringBuilder where = new StringBuilder("1 = 1");
        Map<String, Object> values = new HashMap<>();
        if (!text.isEmpty()) {
            where.append(" and (locate(lower(:text), lower(name)) > 0 or locate(lower(:text), lower(displayName)) > 0"
                    + " or locate(lower(:text), lower(coalesce(email, ''))) > 0)");
            values.put("text", text);
        }
        if (page.after() != null) {
            where.append(" and id < :after");
            values.put("after", page.after());
        }
        return find(where + " order by id desc", values).page(Page.ofSize(page.limit() + 1)).stream()
                .map(UserEntity::toUser)
                .toList();
    }

    /** Adds a built-in user. @throws org.hibernate.exception.ConstraintViolationException if the name is taken */
    @Transactional
    public void add(User user) {
        UserEntity entity = new UserEntity();
        entity.id = user.id();
        entity.name = user.name();
        entity.displayName = user.displayName();
        entity.email = user.email();
        entity.admin = user.admin();
        entity.createdAt = user.createdAt();
        persistAndFlush(entity);
    }

    /** Changes what is not {@code null}. */
    @Transactional
    public Optional<User> change(
            String id, @Nullable String displayName, @Nullable Boolean admin, @Nullable Boolean disabled) {
        Optional<UserEntity> found = findByIdOptional(id);
        found.ifPresent(user -> {
            user.displayName = displayName == null ? user.displayName : displayName;
            user.admin = admin == null ? user.admin : admin;
            user.disabled = disabled == null ? user.disabled : disabled;
        });
        return found.map(UserEntity::toUser);
    }

    /**
     * Makes the user, or brings it up to date unless something newer is known of it.
     *
     * @throws jakarta.persistence.PersistenceException if another does the same at the moment
     */
    @Transactional
    public ProvidedUser.Found provide(ProvidedUser wanted, Instant now) {
        UserEntity user = find("issuer = ?1 and subject = ?2", wanted.issuer(), wanted.subject())
                .firstResult();
        if (user == null) {
            user = new UserEntity();
            user.id = Ids.next("usr");
            user.name = freeName(wanted);
            user.issuer = wanted.issuer();
            user.subject = wanted.subject();
            user.createdAt = now;
            update(user, wanted);
            persistAndFlush(user);
            return new ProvidedUser.Found(user.toUser(), true, false);
        }
        boolean wasAdmin = user.admin || user.providerAdmin;
        boolean newest = user.claimsAt == null || !wanted.at().isBefore(user.claimsAt);
        if (newest) {
            update(user, wanted);
        }
        return new ProvidedUser.Found(user.toUser(), newest, wasAdmin);
    }

    private static void update(UserEntity user, ProvidedUser wanted) {
        user.displayName = wanted.displayName() == null ? user.name : wanted.displayName();
        user.email = wanted.email();
        user.providerAdmin = wanted.admin();
        user.claimsAt = wanted.at();
    }

    /** Its own name, unless somebody else has it: then with the beginning of what the provider knows it by. */
    private String freeName(ProvidedUser wanted) {
        String suffix =
                wanted.subject().substring(0, Math.min(8, wanted.subject().length()));
        return count("name", wanted.name()) == 0 ? wanted.name() : wanted.name() + "-" + suffix;
    }
}
