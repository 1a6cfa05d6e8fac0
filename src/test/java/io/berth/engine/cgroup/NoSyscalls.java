package io.berth.engine.cgroup;

import io.berth.engine.syscall.Syscalls;
import java.lang.reflect.Proxy;

/** For tests that must not reach the kernel. */
final class NoSyscalls {

    static final Syscalls INSTANCE = (Syscalls) Proxy.newProxyInstance(
            NoSyscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                throw new AssertionError("unexpected system call " + method.getName());
            });

    private NoSyscalls() {}
}
