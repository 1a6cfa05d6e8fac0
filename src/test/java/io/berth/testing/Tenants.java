package io.berth.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.concurrent.atomic.AtomicInteger;

/** Tenants of the server under test, each for one test. */
public final class Tenants {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Tenants() {}

    /** A tenant with an owner's token. */
    public record Made(String name, String token) {

        public String path(String rest) {
            return "/api/v1/tenants/" + name + rest;
        }

        /** A request as the owner. */
        public RequestSpecification owner() {
            return given().header("Authorization", "Bearer " + token);
        }

        public RequestSpecification json(String body) {
            return owner().contentType(ContentType.JSON).body(body.replace('\'', '"'));
        }
    }

    public static Made make() {
        String name = "t" + NUMBER.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
        Api.json("{'name':'" + name + "'}").post("/api/v1/tenants").then().statusCode(201);
        return new Made(name, TestTokens.of(name, "OWNER"));
    }
}
