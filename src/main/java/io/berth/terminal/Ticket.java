package io.berth.terminal;

import io.berth.api.auth.Principal;

/** The right to open one stream once, for a client that can put its credentials nowhere but in the URL. */
record Ticket(Principal principal, StreamTarget target, Role role) {}
