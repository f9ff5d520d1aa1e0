package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code raid-sim fault}: one fault, in the words of fault plans. */
@Command(name = "fault", description = "Inject a fault into a disk, at once or when it says.",
    mixinStandardHelpOptions = true)
final class FaultCommand extends DiskCommand
{
    @Parameters(index = "2", paramLabel = "KIND", description =
        "loss, drop-out, latent-sectors, bit-rot, ...: as in a fault plan")
    private String kind;

    @Parameters(index = "3..*", arity = "0..*", paramLabel = "KEY=VALUE", description =
        "the keys of the kind, such as offset=1M length=4K, and one of the times that plans know, such as " +
        "after-operations=100")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws ServeException
    {
        final List<String> words = new ArrayList<>(List.of("fault", disk(), kind));
        words.addAll(settings);
        return ask(words.toArray(new String[0]));
    }
}
