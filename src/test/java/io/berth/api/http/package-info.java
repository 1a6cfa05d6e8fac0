@NullMarked
package io.berth.api.http;

import org.jspecify.annotations.NullMarked;
