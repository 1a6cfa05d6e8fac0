package io.berth.e2e;

import io.berth.contract.ContractValidator;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;

/** Holds every answer of the API to {@code openapi.yaml}. */
final class ContractFilter implements Filter {

    private static final ContractValidator VALIDATOR = new ContractValidator();

    @Override
    public Response filter(
            FilterableRequestSpecification request, FilterableResponseSpecification expected, FilterContext context) {
        Response response = context.next(request, expected);
        String type = response.contentType();
        VALIDATOR.check(
                request.getMethod(),
                URI.create(request.getURI()).getPath(),
                response.statusCode(),
                type == null ? "" : type.split(";", -1)[0],
                response.asString());
        return response;
    }
}
