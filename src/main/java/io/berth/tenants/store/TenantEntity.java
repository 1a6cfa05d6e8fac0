package io.berth.tenants.store;

import io.berth.engine.GroupId;
import io.berth.tenants.SuspendMode;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "tenant")
@NullUnmarked
class TenantEntity {

    @Id
    String name;

    @Column(name = "group_id")
    String group;

    @Column(name = "display_name")
    String displayName;

    boolean suspended;

    @Enumerated(EnumType.STRING)
    @Column(name = "suspend_mode")
    SuspendMode suspendMode;

    String deletion;

    @Column(name = "created_at")
    Instant createdAt;

    long version;

    Tenant toTenant() {
        return new Tenant(
                new TenantId(name),
                new GroupId(group),
                displayName,
                suspended,
                suspendMode,
                deletion,
                createdAt,
                version);
    }
}
