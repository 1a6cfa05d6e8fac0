package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.StrictJson;
import io.berth.api.problem.Failures;
import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecValidatorTest {

    private static final ObjectMapper JSON = StrictJson.configure(new ObjectMapper());

    private static ContainerSpec read(String json) throws Exception {
        return JSON.readValue(json.replace('\'', '"'), ContainerSpec.class);
    }

    private static Stream<String> pointersOf(String json) {
        BerthException refused = catchThrowableOfType(BerthException.class, () -> {
            try {
                SpecValidator.validate(read(json));
            } catch (JsonProcessingException e) {
                throw Failures.toBerthException(e);
            }
        });
        return refused.errors().stream().map(FieldError::pointer);
    }

    @Test
    void acceptsEverythingThatMakesSense() {
        assertThatCode(() -> SpecValidator.validate(read("""
                        {'name':'web-1','image':'busybox','command':['sh'],'args':['-c','true'],'env':{'A_B':'c d','x.y':''},
                        'workingDir':'/srv','user':'1000:nogroup','tty':true,'stdin':true,'stdinOnce':true,'hostname':'a.b-c',
                        'labels':{'app.kubernetes.io/name':'web'},
                        'resources':{'cpus':1.5,'memory':'512MiB','pids':64,'cpuWeight':200,'ioRead':'10MB','ioWrite':1048576},
                        'restartPolicy':{'name':'on-failure','maxRetries':3},'stopSignal':'SIGINT','stopTimeout':0,'ttl':'7d','idleTimeout':10,
                        'healthcheck':{'command':['probe'],'interval':5,'timeout':'5m','retries':1000,'startPeriod':0},
                        'readOnlyRootfs':true,'tmpfs':{'/tmp':'16MiB','/development':4096},'init':true,
                        'capabilities':{'add':['net_raw','CAP_SYS_PTRACE'],'drop':['ALL']}}"""))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                              | /image",
                "{'image':' '}                                                   | /image",
                "{'image':'a','name':'Up'}                                       | /name",
                "{'image':'a','name':'-x'}                                       | /name",
                "{'image':'a','name':'a_b'}                                      | /name",
                "{'image':'a','command':['']}                                    | /command/0",
                "{'image':'a','idleTimeout':9}                                   | /idleTimeout",
                "{'image':'a','idleTimeout':'3651d'}                             | /idleTimeout",
                "{'image':'a','idleTimeout':'soon'}                              | /idleTimeout",
                "{'image':'a','healthcheck':{'command':[]}}                      | /healthcheck/command",
                "{'image':'a','healthcheck':{'command':['','x']}}                | /healthcheck/command",
                "{'image':'a','healthcheck':{'command':['a\\u0000b']}}            | /healthcheck/command",
                "{'image':'a','healthcheck':{'interval':4}}                      | /healthcheck/interval",
                "{'image':'a','healthcheck':{'interval':'2d'}}                   | /healthcheck/interval",
                "{'image':'a','healthcheck':{'timeout':0}}                       | /healthcheck/timeout",
                "{'image':'a','healthcheck':{'timeout':'6m'}}                    | /healthcheck/timeout",
                "{'image':'a','healthcheck':{'retries':0}}                       | /healthcheck/retries",
                "{'image':'a','healthcheck':{'startPeriod':'25h'}}               | /healthcheck/startPeriod",
                "{'image':'a','healthcheck':{'disabled':true,'retries':3}}       | /healthcheck/disabled",
                "{'image':'a','args':['a\\u0000b']}                              | /args/0",
                "{'image':'a','command':['\\ud800']}                              | /command/0",
                "{'image':'a','env':{'A':'\\udc00'}}                            | /env/A",
                "{'image':'a','env':{'A=B':'c'}}                                 | /env/A=B",
                "{'image':'a','env':{'':'c'}}                                    | /env/",
                "{'image':'a','workingDir':'relative'}                           | /workingDir",
                "{'image':'a','workingDir':'/a/../b'}                            | /workingDir",
                "{'image':'a','user':'a:b:c'}                                    | /user",
                "{'image':'a','stdinOnce':true}                                  | /stdinOnce",
                "{'image':'a','hostname':'under_score'}                          | /hostname",
                "{'image':'a','labels':{'bad key':'x'}}                          | /labels/bad key",
                "{'image':'a','resources':{'cpus':0}}                            | /resources/cpus",
                "{'image':'a','resources':{'cpus':-0.5}}                         | /resources/cpus",
                "{'image':'a','resources':{'cpus':1e9}}                          | /resources/cpus",
                "{'image':'a','resources':{'cpus':0.50001}}                      | /resources/cpus",
                "{'image':'a','resources':{'cpus':'1'}}                          | /resources/cpus",
                "{'image':'a','resources':{'memory':1}}                          | /resources/memory",
                "{'image':'a','resources':{'memory':-1}}                         | /resources/memory",
                "{'image':'a','resources':{'memory':'many'}}                     | /resources/memory",
                "{'image':'a','resources':{'memory':'9999999999PiB'}}            | /resources/memory",
                "{'image':'a','resources':{'pids':0}}                            | /resources/pids",
                "{'image':'a','resources':{'pids':1.5}}                          | /resources/pids",
                "{'image':'a','resources':{'cpuWeight':10001}}                   | /resources/cpuWeight",
                "{'image':'a','resources':{'ioRead':0}}                          | /resources/ioRead",
                "{'image':'a','resources':{'gpu':1}}                             | /resources/gpu",
                "{'image':'a','restartPolicy':{'name':'perhaps'}}                | /restartPolicy/name",
                "{'image':'a','restartPolicy':{'name':'always','maxRetries':3}}  | /restartPolicy/maxRetries",
                "{'image':'a','restartPolicy':{'name':'on-failure','maxRetries':0}} | /restartPolicy/maxRetries",
                "{'image':'a','autoRemove':true,'restartPolicy':{'name':'always'}} | /autoRemove",
                "{'image':'a','stopSignal':'SIGNOTHING'}                         | /stopSignal",
                "{'image':'a','stopTimeout':-1}                                  | /stopTimeout",
                "{'image':'a','stopTimeout':'2h'}                                | /stopTimeout",
                "{'image':'a','ttl':0}                                           | /ttl",
                "{'image':'a','ttl':'soon'}                                      | /ttl",
                "{'image':'a','tmpfs':{'/':4096}}                                | /tmpfs/~1",
                "{'image':'a','tmpfs':{'/proc/sys':4096}}                        | /tmpfs/~1proc~1sys",
                "{'image':'a','tmpfs':{'/tmp':1}}                                | /tmpfs/~1tmp",
                "{'image':'a','capabilities':{'add':['CAP_SYS_ADMIN']}}          | /capabilities/add/0",
                "{'image':'a','capabilities':{'add':['ALL']}}                    | /capabilities/add/0",
                "{'image':'a','capabilities':{'drop':['1']}}                     | /capabilities/drop/0",
                "{'image':'a','mounts':[]}                                       | /mounts",
                "{'image':'a','ports':[]}                                        | /ports",
                "{'image':'a','resources':{'disk':5}}                            | /resources/disk",
                "{'image':5}                                                     | /image",
                "{'image':'a','tty':'yes'}                                       | /tty",
                "{'image':'a','command':'sh'}                                    | /command",
                "{'image':'a','command':[null]}                                  | /command/0",
                "{'image':'a','env':{'A':null}}                                  | /env/A",
            })
    void refusesWhatMakesNoSenseAtTheField(String json, String pointer) {
        assertThat(pointersOf(json)).contains(pointer);
    }

    @Test
    void tellsUnknownFieldsFromBadOnes() {
        BerthException refused = catchThrowableOfType(BerthException.class, () -> {
            try {
                read("{'image':'a','privileged':true}");
            } catch (JsonProcessingException e) {
                throw Failures.toBerthException(e);
            }
        });
        assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_FIELD);
        assertThat(refused).hasMessageContaining("privileged").hasMessageContaining("readOnlyRootfs");
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        ContainerSpec spec =
                read("{'name':'n','image':'a','env':{'Z':'1','A':'2'},'ttl':'1h','resources':{'memory':'1GiB'}}");
        assertThat(JSON.readValue(JSON.writeValueAsString(spec), ContainerSpec.class))
                .isEqualTo(spec);
    }
}
