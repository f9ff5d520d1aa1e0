package io.farblock.replication.merkle;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the digest of a 64 KiB block cost? The baseline is the platform's SHA-256 on a heap array, which needs no
 * copy out of the block's buffer. If a block cost more than 1.1 times the baseline, the copy would be worth avoiding;
 * a block of zeros must cost a small part of it, or the zero test is not worth its place in front.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DigestBenchmark
{
    private static final int BLOCK_BYTES = 64 * 1024;

    private final byte[] digest = new byte[32];
    private byte[] heap;
    private ByteBuffer block;
    private ByteBuffer zeros;
    private Digest hash;
    private MessageDigest sha256;

    /** One block of random bytes and one of zeros. */
    @Setup
    public void fill() throws NoSuchAlgorithmException
    {
        heap = new byte[BLOCK_BYTES];
        new Random(1).nextBytes(heap);
        block = AlignedBuffers.allocate(BLOCK_BYTES).put(0, heap);
        zeros = AlignedBuffers.allocate(BLOCK_BYTES);
        hash = new Digest();
        sha256 = MessageDigest.getInstance("SHA-256");
    }

    /** The baseline. */
    @Benchmark
    public byte[] sha256OfHeapArray() throws DigestException
    {
        sha256.update(heap);
        sha256.digest(digest, 0, digest.length);
        return digest;
    }

    /** What the hash and verify stages do. */
    @Benchmark
    public byte[] digestOfBlock()
    {
        block.clear();
        hash.of(block, digest);
        return digest;
    }

    /** A block that needs no digest. */
    @Benchmark
    public byte[] digestOfZeros()
    {
        zeros.clear();
        hash.of(zeros, digest);
        return digest;
    }
}
