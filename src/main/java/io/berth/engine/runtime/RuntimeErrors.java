package io.berth.engine.runtime;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import java.util.List;
import java.util.Locale;

/** Tells what a runtime's complaint means. They are prose, so this looks for the words that crun and runc use. */
public final class RuntimeErrors {

    private static final List<String> COMMAND =
            List.of("executable", "exec format error", "exec: ", "exec `", "starting container process caused");
    private static final List<String> WORKING_DIR =
            List.of("chdir to `", "chdir `", "chdir to cwd", "current working directory");
    private static final List<String> NO_SPACE = List.of("no space left", "disk quota exceeded");

    private RuntimeErrors() {}

    /** The exception that says the same as the runtime's message, with a reason. */
    public static EngineException translate(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (NO_SPACE.stream().anyMatch(text::contains)) {
            return new EngineException(Reason.NO_SPACE, message.strip());
        }
        // before the command: runc says of this too that starting the process caused it
        if (WORKING_DIR.stream().anyMatch(text::contains)) {
            return new EngineException(Reason.WORKING_DIR, message.strip());
        }
        if (COMMAND.stream().anyMatch(text::contains)) {
            return new EngineException(Reason.COMMAND_NOT_FOUND, message.strip());
        }
        return new EngineException(Reason.INTERNAL, message.strip());
    }
}
