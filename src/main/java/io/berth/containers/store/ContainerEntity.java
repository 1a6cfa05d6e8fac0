package io.berth.containers.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "container")
@DynamicUpdate
@NullUnmarked
class ContainerEntity {

    @Id
    String id;

    String tenant;
    String name;
    String image;

    @Column(name = "image_digest")
    String imageDigest;

    String desired;
    String state;

    @JdbcTypeCode(SqlTypes.JSON)
    String spec;

    @JdbcTypeCode(SqlTypes.JSON)
    String launch;

    @JdbcTypeCode(SqlTypes.JSON)
    String labels;

    @Column(name = "exit_code")
    Integer exitCode;

    @Column(name = "oom_killed")
    boolean oomKilled;

    @Column(name = "ip_address")
    String ipAddress;

    @Column(name = "restart_count")
    int restartCount;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    @JdbcTypeCode(SqlTypes.JSON)
    String timings;

    String failure;

    @Column(name = "stop_reason")
    String stopReason;

    /** Whether it charges its tenant's quota with what running containers do. */
    boolean runs;

    @Column(name = "milli_cpus")
    Long milliCpus;

    Long memory;
    Long pids;

    @Column(name = "io_read")
    Long ioRead;

    @Column(name = "io_write")
    Long ioWrite;

    long version;
}
