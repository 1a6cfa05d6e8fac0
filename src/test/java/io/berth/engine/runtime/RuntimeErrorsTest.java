package io.berth.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.EngineException.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "executable file `nope` not found in $PATH: No such file or directory | COMMAND_NOT_FOUND",
                "open executable: Permission denied | COMMAND_NOT_FOUND",
                "exec /data: Exec format error | COMMAND_NOT_FOUND",
                "exec: \"nope\": executable file not found in $PATH | COMMAND_NOT_FOUND",
                "chdir to `/nope`: No such file or directory | WORKING_DIR",
                "runc: starting container process caused: chdir to cwd (\"/x\") set in config.json failed: not a directory | WORKING_DIR",
                "mkdir `/etc`: No space left on device | NO_SPACE",
                "cannot set up the moon | INTERNAL"
            })
    void tellsWhatAComplaintMeans(String message, Reason reason) {
        assertThat(RuntimeErrors.translate(message).reason()).isEqualTo(reason);
        assertThat(RuntimeErrors.translate(message)).hasMessage(message);
    }
}
