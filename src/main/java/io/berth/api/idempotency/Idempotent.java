package io.berth.api.idempotency;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a resource method that creates: honours the header {@link #KEY}. Costs nothing
 * when the header is absent. Keys belong to the tenant of the path ({@code {tenant}}), or where there is none to the caller.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Idempotent {

    /** The header. */
    String KEY = "Idempotency-Key";
}
