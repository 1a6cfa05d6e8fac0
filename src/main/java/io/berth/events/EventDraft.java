package io.berth.events;

import java.util.Map;

/**
 * An event yet to be told.
 *
 * @param type such as {@code container.started}
 * @param object id of the thing it happened to
 * @param data what is to be known beside that; texts, numbers, booleans, and lists of them
 */
public record EventDraft(String type, String object, Map<String, ?> data) {}
