package io.berth.identity;

/** The form of API tokens: {@code berth_} and 256 random bits in base64url. */
final class ApiTokens {

    static final String PREFIX = "berth_";

    private ApiTokens() {}

    static String generate() {
        return PREFIX + SecretText.generate();
    }

    static boolean isWellFormed(String token) {
        return token.startsWith(PREFIX) && SecretText.isWellFormed(token.substring(PREFIX.length()));
    }
}
