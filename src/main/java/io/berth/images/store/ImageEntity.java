package io.berth.images.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "image")
@NullUnmarked
class ImageEntity {

    @Id
    String id;

    String tenant;
    String reference;
    String digest;
    long size;
    String platform;

    @Column(name = "created_at")
    Instant createdAt;
}
