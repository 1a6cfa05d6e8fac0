package io.berth.testing;

import static io.restassured.RestAssured.given;

import io.berth.common.Ids;
import io.quarkus.arc.Arc;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Base64;
import javax.sql.DataSource;

/** Makes API tokens in the database of the server under test. */
public final class TestTokens {

    private TestTokens() {}

    /**
     * A tenant's token.
     *
     * @param role {@code OWNER}, {@code MEMBER} or {@code VIEWER}
     * @param scopes what it is narrowed to, none for all
     */
    public static String of(String tenant, String role, String... scopes) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        String token = "berth_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String sql = "insert into api_token (id, hash, name, tenant, role, scopes) values (?, ?, ?, ?, ?, ?)";
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, Ids.next("tok"));
            insert.setBytes(2, MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
            insert.setString(3, "test");
            insert.setString(4, tenant);
            insert.setString(5, role);
            insert.setString(6, String.join(" ", scopes));
            insert.executeUpdate();
        } catch (SQLException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return token;
    }

    public static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token);
    }
}
