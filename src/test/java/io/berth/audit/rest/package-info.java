@NullMarked
package io.berth.audit.rest;

import org.jspecify.annotations.NullMarked;
