package io.berth.images;

import io.berth.engine.HostLayout;
import io.berth.engine.syscall.Syscalls;
import io.berth.images.content.ContentStore;
import io.berth.images.registry.RegistryAddresses;
import io.berth.images.registry.RegistryHttp;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Puts the parts together that know nothing of CDI. */
@ApplicationScoped
class ImageBeans {

    @Produces
    @Singleton
    ContentStore contentStore(HostLayout layout, Syscalls syscalls, ImagesConfig config) throws IOException {
        return ContentStore.open(layout, syscalls, config.contentLimits());
    }

    void close(@Disposes ContentStore store) {
        store.close();
    }

    @Produces
    @Singleton
    RegistryHttp registryHttp(Vertx vertx, ImagesConfig config) {
        RegistryAddresses addresses = new RegistryAddresses(
                config.allowedPrivateRegistries().orElse(List.of()),
                config.insecureRegistries().orElse(List.of()),
                InetAddress::getAllByName);
        return new RegistryHttp(vertx, addresses, config.registryTimeout());
    }

    void close(@Disposes RegistryHttp http) {
        http.close();
    }
}
