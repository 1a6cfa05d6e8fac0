package io.berth.identity.oidc;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.ConfigProvider;

/** A key that Keycloak publishes as one of its realm's, with which a test signs what Keycloak never would. */
final class RealmKey {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final RSAPrivateCrtKey key;
    private final String id;

    RealmKey(Keycloak keycloak) throws GeneralSecurityException {
        byte[] encoded =
                Base64.getDecoder().decode(ConfigProvider.getConfig().getValue("test.keycloak.key", String.class));
        this.key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        List<Map<String, Object>> published = given().get(keycloak.issuer() + "/protocol/openid-connect/certs")
                .path("keys");
        byte[] modulus = key.getModulus().toByteArray();
        // without the byte for the sign
        String n = encode(modulus, 1, modulus.length - 1);
        this.id = published.stream()
                .filter(one -> n.equals(one.get("n")))
                .map(one -> String.valueOf(one.get("kid")))
                .findFirst()
                .orElseThrow();
    }

    /** A token that is signed as it should be. */
    String sign(Map<String, ?> claims) throws GeneralSecurityException {
        return signAs(id, claims);
    }

    /** The same, with the name of another key. */
    String signAs(String keyId, Map<String, ?> claims) throws GeneralSecurityException {
        String content = part(Map.of("alg", "RS256", "typ", "logout+jwt", "kid", keyId)) + "." + part(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = signature.sign();
        return content + "." + encode(bytes, 0, bytes.length);
    }

    String unsigned(Map<String, ?> claims) {
        return part(Map.of("alg", "none", "kid", id)) + "." + part(claims) + ".";
    }

    /** Signed with a secret that the client has as well. */
    String signWithSecret(String secret, Map<String, ?> claims) throws GeneralSecurityException {
        String content = part(Map.of("alg", "HS256", "kid", id)) + "." + part(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        byte[] bytes = mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + encode(bytes, 0, bytes.length);
    }

    private static String part(Map<String, ?> json) {
        try {
            byte[] bytes = MAPPER.writeValueAsBytes(json);
            return encode(bytes, 0, bytes.length);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String encode(byte[] bytes, int from, int length) {
        byte[] part = Arrays.copyOfRange(bytes, from, from + length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
    }
}
