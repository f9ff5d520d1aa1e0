/**
 * TLS 1.3 with mutual authentication under the frames of a path. In: this site's identity and what it trusts, replaced
 * as a whole when they change. Out: one event for each connection, who the other side is or why it was refused. Runs on
 * the network's event loop; nothing is durable. BoringSSL does the work where it can, the JDK otherwise.
 */
package io.farblock.replication.paths.tls;
