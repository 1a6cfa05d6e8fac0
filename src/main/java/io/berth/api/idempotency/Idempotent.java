package io.berth.api.idempotency;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a resource method that creates: honours the header {@link #KEY}. Costs nothing when the header is absent. A key is its
 * caller's own, within the tenant of the path ({@code {tenant}}) if there is one.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Idempotent {

    /** The header. */
    String KEY = "Idempotency-Key";
}
