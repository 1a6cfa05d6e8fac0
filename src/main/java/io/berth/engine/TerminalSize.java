package io.berth.engine;

/** Size of a terminal in character cells, as in {@code struct winsize} (ioctl_tty(2)). */
public record TerminalSize(int columns, int rows) {

    public TerminalSize {
        if (columns < 1 || rows < 1 || columns > 0xFFFF || rows > 0xFFFF) {
            throw new IllegalArgumentException("terminal size must be within 1-65535: " + columns + "x" + rows);
        }
    }
}
