@org.jspecify.annotations.NullMarked
package io.berth.files.rest;
