package io.berth.images.rest;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * @param reference of the image to pull, such as {@code registry.example.com/team/app:1.2}
 * @param credentials for this pull alone; without them, those count that the tenant has stored for the registry
 */
public record PullRequest(
        @NotBlank @Size(max = 512) String reference,
        @Valid @Nullable CredentialsRequest credentials) {}
