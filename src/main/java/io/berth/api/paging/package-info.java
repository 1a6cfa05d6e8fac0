/** Pages, cursors and Link headers. */
@NullMarked
package io.berth.api.paging;

import org.jspecify.annotations.NullMarked;
