package io.berth.identity;

import io.berth.api.auth.Subject;
import io.berth.identity.SignInLinks.SignInLink;
import io.berth.identity.store.UserRepository;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Optional;

/** Sees to it that there is a built-in administrator, and that it can sign in until it has done so once. */
@ApplicationScoped
public class FirstSignIn {

    /** The one built-in user that is there from the start. */
    static final String ADMINISTRATOR = "usr_00000000000000000000000000";

    private final UserRepository users;
    private final SignInLinks links;
    private final Clock clock;

    FirstSignIn(UserRepository users, SignInLinks links, Clock clock) {
        this.users = users;
        this.links = links;
        this.clock = clock;
    }

    void onStart(@Observes @Priority(101) StartupEvent event) {
        if (users.findUser(ADMINISTRATOR).isEmpty()) {
            users.add(new User(
                    ADMINISTRATOR, "admin", "Administrator", null, null, true, false, false, clock.instant(), null));
        }
    }

    /** A new link for the administrator, as long as it has never signed in. */
    public Optional<SignInLink> link() {
        return users.findUser(ADMINISTRATOR)
                .filter(user -> user.lastSeenAt() == null && !user.disabled())
                .map(user -> links.create(user, Subject.SYSTEM.id()));
    }
}
