package io.berth.images.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.berth.images.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PackedStreamTest {

    private final byte[] content = new byte[200_000];

    PackedStreamTest() {
        new Random(1).nextBytes(content);
    }

    @Test
    void unpacksPlainGzipAndZstdByTheirFirstBytes() throws IOException {
        for (byte[] packed : new byte[][] {content, gzip(content), Zstd.compress(content)}) {
            MeasuredStream stream = unpack(packed);
            assertThat(stream.readAllBytes()).isEqualTo(content);
            assertThat(stream.count()).isEqualTo(content.length);
            assertThat(stream.digest()).isEqualTo(Digest.of(content));
        }
    }

    @Test
    void readsSeveralMembersAsOneStreamThoughTheyArriveSlowly() throws IOException {
        for (byte[] one : new byte[][] {gzip(content), Zstd.compress(content)}) {
            byte[] two = Arrays.copyOf(one, one.length * 2);
            System.arraycopy(one, 0, two, one.length, one.length);
            InputStream slow = new FilterInputStream(new ByteArrayInputStream(two)) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    return super.read(buffer, offset, Math.min(length, 7));
                }

                @Override
                public int available() {
                    return 0;
                }
            };
            assertThat(PackedStream.unpack(slow, Long.MAX_VALUE, 200).readAllBytes())
                    .hasSize(2 * content.length);
        }
    }

    @Test
    void saysWhenPackedDataIsDamagedOrCutOff() throws IOException {
        byte[] gzip = gzip(content);
        byte[] zstd = Zstd.compress(content);
        byte[] damaged = gzip.clone();
        damaged[gzip.length - 6] ^= 1;

        for (byte[] bad : new byte[][] {Arrays.copyOf(gzip, 1000), Arrays.copyOf(zstd, 1000), damaged}) {
            assertThatThrownBy(() -> unpack(bad).readAllBytes())
                    .isInstanceOf(TarFormatException.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void keepsNoMoreOfAStreamThanAFrameMayWant() throws IOException {
        assertThat(unpack(zstd(25)).readAllBytes()).isEqualTo(content);
        assertThatThrownBy(() -> unpack(zstd(27)).readAllBytes())
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining("too much memory");
    }

    private byte[] zstd(int windowLog) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(packed).setLong(windowLog)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    @Test
    void stopsABomb() throws IOException {
        byte[] bomb = gzip(new byte[80 << 20]);

        assertThatThrownBy(() -> unpack(bomb).drain()).hasMessageContaining("taken for a bomb");
    }

    @Test
    void stopsAtItsBound() {
        assertThatThrownBy(() -> PackedStream.unpack(new ByteArrayInputStream(content), 1000, 200)
                        .drain())
                .hasMessageContaining("more than 1000 bytes");
    }

    private static MeasuredStream unpack(byte[] packed) throws IOException {
        return PackedStream.unpack(new ByteArrayInputStream(packed), Long.MAX_VALUE, 200);
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
