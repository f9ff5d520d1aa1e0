/**
 * A network laboratory: lines of a known rate between two network namespaces, and proxies that delay, cut, silence and
 * damage what goes over them, with a real daemon at either end. Every test makes its own as root and leaves nothing
 * behind. What it is for: that lines add up, and that losing one is hardly felt.
 */
package io.farblock.daemon.net;
