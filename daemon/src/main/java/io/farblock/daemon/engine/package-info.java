/**
 * The door between the program and replication: {@link io.farblock.daemon.engine.Engine} is all that the rest of the
 * daemon knows of it, and {@link io.farblock.daemon.engine.EngineSlot} where it is taken out while the site is at rest.
 * Everything here may be called from any thread; what is durable is the engine's own affair.
 */
package io.farblock.daemon.engine;
