/**
 * Who a site is, and whom it knows: its key and certificate, made at its first start, and the fingerprints of its
 * peers' certificates, pinned by hand, by configuration or by pairing. With its subpackage the only user of Bouncy
 * Castle. Durable: the key, the certificate and one file of pins for each peer; no threads.
 */
package io.farblock.replication.identity;
