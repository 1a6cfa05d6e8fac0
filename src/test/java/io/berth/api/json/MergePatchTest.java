package io.berth.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    /** From RFC 7396, appendix A. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':'b'}           | {'a':'c'}              | {'a':'c'}",
                "{'a':'b'}           | {'b':'c'}              | {'a':'b','b':'c'}",
                "{'a':'b'}           | {'a':null}             | {}",
                "{'a':'b','b':'c'}   | {'a':null}             | {'b':'c'}",
                "{'a':['b']}         | {'a':'c'}              | {'a':'c'}",
                "{'a':{'b':'c'}}     | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]}   | {'a':[1]}              | {'a':[1]}",
                "['a','b']           | ['c','d']              | ['c','d']",
                "{'e':null}          | {'a':1}                | {'e':null,'a':1}",
                "{}                  | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}",
            })
    void followsTheExamplesOfTheStandard(String target, String patch, String result) throws Exception {
        ObjectMapper json = new ObjectMapper();
        assertThat(MergePatch.apply(json.readTree(quote(target)), json.readTree(quote(patch))))
                .isEqualTo(json.readTree(quote(result)));
    }

    private static String quote(String text) {
        return text.replace('\'', '"');
    }
}
