package io.farblock.daemon.vm;

import java.io.IOException;

/** Writers in a guest that go on until the power does. Stateless; each line of what they write is random. */
enum GuestLoad
{
    /** Random writes to the first part of the array, past the page cache, now and then flushed. */
    RAW
    {
        @Override
        void prepare(final Vm vm) throws IOException
        {
            // else md calls the array clean between two writes of a machine as slow as this, and soon clears its bits
            vm.run("echo 5 >/sys/block/md0/md/safe_mode_delay");
        }

        @Override
        String writer(final long arrayBytes)
        {
            return "while :; do at=$(((RANDOM * 32768 + RANDOM) % " + arrayBytes / 4 / 4096 + "))\n" +
                "[ $((RANDOM % 20)) = 0 ] && sync=,fsync || sync=\n" +
                "dd if=/dev/urandom of=/dev/md0 bs=4096 seek=$at count=$((RANDOM % 16 + 1)) iflag=fullblock " +
                "oflag=direct conv=notrunc$sync\ndone";
        }

        @Override
        void recover(final Vm vm)
        {
            // an array recovers by itself
        }
    },
    /** Files on ext4, overwritten and deleted, now and then synced. */
    EXT4
    {
        @Override
        void prepare(final Vm vm) throws IOException
        {
            vm.run("mkfs.ext4 -q -F -m 0 /dev/md0 && " + MOUNT + " && sync");
        }

        @Override
        String writer(final long arrayBytes)
        {
            return "while :; do file=/run/fs/file$((RANDOM % 8))\n" +
                "dd if=/dev/urandom of=$file bs=4096 seek=$((RANDOM % 64)) count=$((RANDOM % 32 + 1)) conv=notrunc\n" +
                "[ $((RANDOM % 5)) = 0 ] && sync $file\n[ $((RANDOM % 10)) = 0 ] && rm $file\ndone";
        }

        @Override
        void recover(final Vm vm) throws IOException
        {
            vm.run(MOUNT + " && umount /run/fs && e2fsck -fn /dev/md0");
        }
    };

    private static final String MOUNT = "mkdir -p /run/fs && mount -t ext4 /dev/md0 /run/fs";

    /** Before the first write. */
    abstract void prepare(Vm vm) throws IOException;

    /** After a cut: makes whole again what the writers wrote to, and checks it. It writes to the array if EXT4. */
    abstract void recover(Vm vm) throws IOException;

    abstract String writer(long arrayBytes);

    /** Begins to write. */
    void start(final Vm vm, final long arrayBytes) throws IOException
    {
        vm.run("setsid bash -c '" + writer(arrayBytes) + "' >/dev/null 2>&1 &");
    }
}
