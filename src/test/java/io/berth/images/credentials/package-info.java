@NullMarked
package io.berth.images.credentials;

import org.jspecify.annotations.NullMarked;
