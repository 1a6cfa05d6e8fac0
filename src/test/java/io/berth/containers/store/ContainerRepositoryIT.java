package io.berth.containers.store;

import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.sleeper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.containers.Container;
import io.berth.containers.ContainerState;
import io.berth.containers.Observation;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerId;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept in memory of containers is never taken for true against the database. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ContainerRepositoryIT {

    @Inject
    ContainerRepository repository;

    @Inject
    KnownContainers known;

    @Inject
    DataSource database;

    @AfterEach
    void deleteAll() {
        deleteContainers();
    }

    @Test
    void whatIsKeptInMemoryIsWhatIsStored() {
        ContainerId id = new ContainerId(sleeper("'env':{'ZZ':'1','A':'2'},'labels':{'zz':'1','a':'2'},"
                + "'tmpfs':{'/zz':'1Mi','/a':'2Mi'},'ttl':'1h','stopTimeout':'3s','resources':{'memory':'64Mi','cpus':0.5},"
                + "'healthcheck':{'command':['true'],'interval':'10s'},'capabilities':{'add':[],'drop':['NET_RAW']}"));
        Container kept = find(id);
        assertThat(known.find(id.value())).containsSame(kept);

        known.remove(id);
        Container read = find(id);

        // what was known only after the row was written is in memory alone
        assertThat(read.observed().timings()).isNotEmpty();
        assertThat(kept.observed().timings())
                .containsKeys(read.observed().timings().keySet().toArray(new String[0]));
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("observed.timings")
                .isEqualTo(kept);
        assertThat(find(id)).isSameAs(read);
    }

    @Test
    void seesWhatAnotherServerHasStored() {
        Container before = find(new ContainerId(sleeper()));

        change("update container set restart_count = 7, version = version + 1 where id = ?", before.id());

        assertThat(find(before.id()).restartCount()).isEqualTo(7);
        Container saved = repository.save(in(before, ContainerState.PAUSED), Durability.LAZY);
        assertThat(saved.version()).isEqualTo(before.version() + 2);
        assertThat(find(before.id()).state()).isEqualTo(ContainerState.PAUSED);
    }

    @Test
    void forgetsWhatWasRolledBack() {
        Container before = find(new ContainerId(sleeper()));
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    Container unused = repository.save(in(before, ContainerState.PAUSED), Durability.DURABLE);
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessageContaining("rolled back");

        assertThat(find(before.id()).state()).isEqualTo(ContainerState.RUNNING);

        Container saved = repository.save(in(find(before.id()), ContainerState.PAUSED), Durability.DURABLE);
        assertThat(saved.version()).isEqualTo(before.version() + 1);
        assertThat(find(before.id())).isEqualTo(saved);
    }

    @Test
    void doesNotBringBackWhatIsGone() {
        Container before = find(new ContainerId(sleeper()));
        change("delete from container where id = ?", before.id());

        assertThat(repository.findContainer(before.id())).isEmpty();
        assertThat(repository.findContainer(before.tenant(), before.id().value()))
                .isEmpty();
        assertThatThrownBy(() -> repository.save(in(before, ContainerState.PAUSED), Durability.LAZY))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining(before.name());
    }

    private Container find(ContainerId id) {
        return repository.findContainer(id).orElseThrow();
    }

    private void change(String sql, ContainerId id) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id.value());
            assertThat(statement.executeUpdate()).isOne();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Container in(Container container, ContainerState state) {
        Observation seen = container.observed();
        return new Container(
                container.id(),
                container.tenant(),
                container.spec(),
                container.imageDigest(),
                container.launch(),
                container.desired(),
                new Observation(
                        state,
                        seen.exitCode(),
                        seen.oomKilled(),
                        seen.ipAddress(),
                        seen.startedAt(),
                        seen.finishedAt(),
                        seen.timings(),
                        seen.failure(),
                        seen.stopReason()),
                container.restartCount(),
                container.createdAt(),
                container.expiresAt(),
                container.version());
    }
}
