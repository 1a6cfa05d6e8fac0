package io.berth.identity;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.store.SignInLinkRepository;
import io.berth.identity.store.UserRepository;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Links that sign a user in once, without a password. */
@ApplicationScoped
public class SignInLinks {

    /** Where a link leads to; the secret follows. */
    public static final String PATH = "/signin/link/";

    private static final Duration KEPT = Duration.ofDays(1);

    private final SignInLinkRepository links;
    private final UserRepository users;
    private final SessionConfig config;
    private final Clock clock;

    SignInLinks(SignInLinkRepository links, UserRepository users, SessionConfig config, Clock clock) {
        this.links = links;
        this.users = users;
        this.config = config;
        this.clock = clock;
    }

    /** A link's path, with the secret that is nowhere else, and when it ends. */
    public record SignInLink(String path, Instant expiresAt) {}

    /** Makes a link. @param createdBy id of the subject who asked for it */
    public SignInLink create(User user, String createdBy) {
        if (user.disabled()) {
            throw new BerthException(
                    ErrorCode.WRONG_STATE, "user '" + user.name() + "' is disabled: enable it before it can sign in");
        }
        Instant now = clock.instant();
        Instant expiresAt = now.plus(config.signInLink());
        String secret = SecretText.generate();
        links.add(TokenHash.of(secret).bytes(), user.id(), createdBy, now, expiresAt);
        return new SignInLink(PATH + secret, expiresAt);
    }

    /**
     * The user a link is for. Does not use it up: programs that follow links on their own would.
     *
     * @throws BerthException {@code SIGN_IN_LINK_SPENT} if it is not good
     */
    public User find(String secret) {
        byte[] hash = hash(secret);
        return user(hash, links.find(hash, clock.instant()));
    }

    /**
     * Uses a link up.
     *
     * @throws BerthException {@code SIGN_IN_LINK_SPENT} if it is not good, or no longer is
     */
    public User use(String secret) {
        byte[] hash = hash(secret);
        return user(hash, links.use(hash, clock.instant()));
    }

    private User user(byte[] hash, Optional<String> user) {
        if (user.isEmpty()) {
            throw spent(
                    links.isUsed(hash)
                            ? "this sign-in link was used already"
                            : "this sign-in link is not good, or no longer");
        }
        return users.findUser(user.get())
                .filter(found -> !found.disabled())
                .orElseThrow(() -> spent("the user of this sign-in link is disabled"));
    }

    private static byte[] hash(String secret) {
        if (!SecretText.isWellFormed(secret)) {
            throw spent("this is no sign-in link");
        }
        return TokenHash.of(secret).bytes();
    }

    private static BerthException spent(String why) {
        return new BerthException(
                ErrorCode.SIGN_IN_LINK_SPENT,
                why + ": ask an administrator for another, or start the server again if nobody has signed in yet");
    }

    @Scheduled(every = "6h", delayed = "15m")
    void forgetOld() {
        links.deleteOlder(clock.instant().minus(KEPT));
    }
}
