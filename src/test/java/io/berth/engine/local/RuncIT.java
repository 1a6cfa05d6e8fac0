package io.berth.engine.local;

import io.berth.testing.RequiresProgram;

/** The contract, kept with the runtime that an operator may choose instead of crun. */
@WithRuntime("runc")
@RequiresProgram("runc")
class RuncIT extends LocalEngineIT {}
