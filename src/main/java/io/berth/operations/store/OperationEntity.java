package io.berth.operations.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "operation")
@NullUnmarked
class OperationEntity {

    @Id
    String id;

    String tenant;
    String kind;
    String target;
    String status;
    String message;
    long done;
    long total;
    String result;

    @JdbcTypeCode(SqlTypes.JSON)
    String problem;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    boolean resumable;
}
