package io.berth.images.content;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes tars byte by byte, also such as no honest tool would. */
public final class TarBuilder {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int uid;
    private int gid;
    private long mtime = 1_000_000_000;

    public TarBuilder owner(int newUid, int newGid) {
        uid = newUid;
        gid = newGid;
        return this;
    }

    public TarBuilder mtime(long seconds) {
        mtime = seconds;
        return this;
    }

    public TarBuilder file(String name, String content) {
        return file(name, 0644, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBuilder file(String name, int mode, byte[] content) {
        return entry('0', name, mode, "", content.length, 0, 0).data(content);
    }

    public TarBuilder directory(String name, int mode) {
        return entry('5', name, mode, "", 0, 0, 0);
    }

    public TarBuilder symlink(String name, String target) {
        return entry('2', name, 0777, target, 0, 0, 0);
    }

    public TarBuilder hardLink(String name, String target) {
        return entry('1', name, 0644, target, 0, 0, 0);
    }

    public TarBuilder device(char type, String name, int major, int minor) {
        return entry(type, name, 0666, "", 0, major, minor);
    }

    /** A PAX header for the next entry. */
    public TarBuilder pax(Map<String, byte[]> records) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            int rest = key.getBytes(StandardCharsets.UTF_8).length + value.length + 3;
            int length = rest + 1;
            while (rest + Integer.toString(length).length() != length) {
                length++;
            }
            body.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
            body.writeBytes(value);
            body.write('\n');
        });
        return extension('x', body.toByteArray());
    }

    public TarBuilder extension(char type, byte[] body) {
        return entry(type, "header", 0644, "", body.length, 0, 0).data(body);
    }

    public TarBuilder entry(char type, String name, int mode, String link, long size, int major, int minor) {
        byte[] header = new byte[512];
        text(header, 0, 100, name);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, uid);
        octal(header, 116, 8, gid);
        octal(header, 124, 12, size);
        octal(header, 136, 12, mtime);
        header[156] = (byte) type;
        text(header, 157, 100, link);
        text(header, 257, 8, "ustar\00000");
        octal(header, 329, 8, major);
        octal(header, 337, 8, minor);
        return header(header);
    }

    /** A header block as it is, but for its checksum. */
    public TarBuilder header(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        out.writeBytes(header);
        return this;
    }

    public TarBuilder data(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    /** With the end marker. */
    public byte[] build() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    /** Without the end marker. */
    public byte[] buildUnfinished() {
        return out.toByteArray();
    }

    static void text(byte[] block, int offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, offset, Math.min(length, bytes.length));
    }

    static void octal(byte[] block, int offset, int length, long value) {
        String digits = Long.toOctalString(value);
        text(block, offset, length, "0".repeat(length - 1 - digits.length()) + digits);
    }
}
