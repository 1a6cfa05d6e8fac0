package io.berth.engine.local;

import io.berth.testing.RequiresProgram;

/** The profile, given by the runtime that an operator may choose instead of crun. */
@WithRuntime("runc")
@RequiresProgram("runc")
class AppArmorRuncIT extends AppArmorIT {}
