/**
 * How commands reach the daemon: a unix socket, one JSON object a line each way.
 *
 * <p>{@link io.farblock.daemon.control.ControlServer} is one thread, {@code control}, over a selector: no client can
 * hold up another, and none can make it keep more than a bounded number of bytes. Only root and the daemon's own user
 * are answered. Requests: {@code {"command":"status"}}, {@code {"command":"epoch","group":G,"wait":true}},
 * {@code {"command":"verify","group":G,"repair":false}}, {@code {"command":"reload"}}.
 * Replies are {@link io.farblock.daemon.control.Reply}.
 */
package io.farblock.daemon.control;
