package io.farblock.blockdev.bpf;

import io.farblock.blockdev.linux.BpfCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a device into one of three states, named by the lines of its input, and answers each with a line, so that a
 * script can have it written to in turn in all of them: "bare", "tracked" as by a daemon that was stopped since, or
 * "empty", with as many programs as tracking attaches, which do nothing: what the kernel takes for calling them.
 * Arguments: a mounted bpffs, a device. One thread.
 */
public final class TrackingSwitch
{
    private static final String VOLUME = "tracking switch";

    private final List<Integer> attachments = new ArrayList<>();
    private final BpfFileSystem pins;
    private final Path device;

    private TrackingSwitch(final BpfFileSystem pins, final Path device)
    {
        this.pins = pins;
        this.device = device;
    }

    public static void main(final String[] args) throws IOException
    {
        final TrackingSwitch tracking = new TrackingSwitch(BpfFileSystem.at(Path.of(args[0])), Path.of(args[1]));
        final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine())
        {
            tracking.enter(line);
            System.out.println(line);
        }
        tracking.enter("bare");
    }

    private void enter(final String state) throws IOException
    {
        attachments.forEach(BpfCalls::close);
        attachments.clear();
        switch (state)
        {
            case "bare" -> BpfTracker.forget(pins, VOLUME);
            case "tracked" -> BpfTracker.open(pins, VOLUME, device, System::currentTimeMillis).close();
            case "empty" ->
            {
                BpfTracker.forget(pins, VOLUME);
                attachEmpty();
            }
            default -> throw new IllegalArgumentException("found state " + state);
        }
    }

    private void attachEmpty() throws IOException
    {
        final DeviceKind kind = TrackedDevice.of(device).kind();
        for (final BlockEvent event : List.of(kind.end(), kind.begin()))
        {
            for (int copy = 0; copy < event.copies(); copy++)
            {
                try (BpfProgram program = EmptyProgram.load(event))
                {
                    attachments.add(program.attach());
                }
            }
        }
    }
}
