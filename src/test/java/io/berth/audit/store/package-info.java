@NullMarked
package io.berth.audit.store;

import org.jspecify.annotations.NullMarked;
