package io.berth.api.auth;

import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Decides as the real one does, and remembers what it was asked, in tests whose profile enables it. */
@Alternative
@Singleton
public class RecordingAuthorizer extends Authorizer {

    /** Stands for the administration of the platform among the scopes asked for. */
    public static final String PLATFORM = Principal.PLATFORM_SCOPE;

    private final List<String> asked = new ArrayList<>();

    RecordingAuthorizer(TenantDirectory tenants) {
        super(tenants);
    }

    /** Scopes of what was asked for since the last call, in order. */
    public synchronized List<String> takeAsked() {
        List<String> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    private synchronized void record(String scope) {
        if (!asked.contains(scope)) {
            asked.add(scope);
        }
    }

    @Override
    public Tenant require(Principal principal, TenantId tenant, Permission permission) {
        record(permission.scope());
        return super.require(principal, tenant, permission);
    }

    @Override
    public void requireAdmin(Principal principal) {
        record(PLATFORM);
        super.requireAdmin(principal);
    }
}
