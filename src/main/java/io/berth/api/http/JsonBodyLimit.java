package io.berth.api.http;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import jakarta.annotation.Priority;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses JSON bodies above 1 MiB while they are read. Archives, which are streamed, have limits of their own. */
@Provider
@Priority(FilterOrder.BODY_LIMIT)
public class JsonBodyLimit implements ReaderInterceptor {

    public static final int BYTES = 1 << 20;

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        var type = context.getMediaType();
        if (type != null && type.getSubtype().endsWith("json")) {
            context.setInputStream(new Bounded(context.getInputStream()));
        }
        return context.proceed();
    }

    private static final class Bounded extends FilterInputStream {

        private long left = BYTES;

        Bounded(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                count(1);
            }
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(count);
            return count;
        }

        private void count(int bytes) {
            left -= Math.max(bytes, 0);
            if (left < 0) {
                throw new BerthException(ErrorCode.TOO_LARGE, "a JSON body may have at most 1 MiB");
            }
        }
    }
}
