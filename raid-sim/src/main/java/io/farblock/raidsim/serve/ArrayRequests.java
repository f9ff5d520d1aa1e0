package io.farblock.raidsim.serve;

import io.farblock.blockdev.raid.ArrayState;
import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.command.Style;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidException;
import io.farblock.raidsim.config.RateText;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * From a request's words to what is done. On the control thread; what changes the array runs on its worker. Nothing is
 * thrown: what fails is an answer.
 */
final class ArrayRequests implements Function<List<String>, Answer>
{
    private final ServedArray served;
    private final List<String> exports;
    private final Runnable stop;
    private final MemberChange members;
    private long faults;

    ArrayRequests(final ServedArray served, final List<String> exports, final Runnable stop)
    {
        this.served = served;
        this.exports = exports;
        this.stop = stop;
        this.members = new MemberChange(served);
    }

    @Override
    public Answer apply(final List<String> words)
    {
        try
        {
            return answer(words.get(0), words.subList(1, words.size()));
        }
        catch (final ServeException refused)
        {
            return new Answer(refused.exit(), refused.getMessage());
        }
    }

    private Answer answer(final String what, final List<String> words) throws ServeException
    {
        return switch (what)
        {
            case "status" -> status(word(words, 0));
            case "fail" -> change(() -> members.fail(word(words, 0)));
            case "remove" -> change(() -> members.remove(word(words, 0)));
            case "add" -> change(() -> members.add(word(words, 0)));
            case "replace" -> change(() -> members.replace(word(words, 0), words.size() > 1 ? words.get(1) : null));
            case "pull" -> change(() -> members.pull(word(words, 0)));
            case "plug" -> change(() -> members.plug(word(words, 0)));
            case "scrub" -> change(() -> scrub(word(words, 0)));
            case "scrubbed" -> scrubbed();
            case "limit" -> change(() -> limit(word(words, 0)));
            case "fault" -> change(() -> fault(words));
            case "cut" -> cut(word(words, 0));
            case "stop" -> stop();
            default -> throw new ServeException(ExitCode.USAGE, "this server does not know \"" + what +
                "\"; is the command of another version?");
        };
    }

    private static String word(final List<String> words, final int number) throws ServeException
    {
        if (number >= words.size() || words.get(number).isEmpty())
        {
            throw new ServeException(ExitCode.USAGE, "a word is missing in the request");
        }
        return words.get(number);
    }

    private Answer change(final Callable<Answer> change) throws ServeException
    {
        return served.work().run(() ->
        {
            try
            {
                return change.call();
            }
            catch (final RaidException refused)
            {
                throw new ServeException(ExitCode.NOT_NOW, refused.getMessage());
            }
        });
    }

    private Answer status(final String style)
    {
        final ArrayStatus status = StatusSnapshot.of(served, exports);
        return Answer.done(style.equals("json") ? StatusJson.of(status) : StatusText.of(status, Style.of(style)));
    }

    private Answer scrub(final String how) throws ServeException, RaidException
    {
        final RaidArray array = served.array();
        if (how.equals("stop"))
        {
            final boolean wasWanted = served.scrubs().isWanted();
            if (wasWanted)
            {
                array.stopScrub();
                served.scrubs().giveUp();
            }
            return Answer.done(wasWanted ? "the scrub is being stopped" : "no scrub was running");
        }
        if (array.describe().state() == ArrayState.FAILED)
        {
            throw new ServeException(ExitCode.DAMAGED, array.describe().reason() + "; nothing is there to compare");
        }
        if (!served.scrubs().want())
        {
            throw new ServeException(ExitCode.NOT_NOW, "a scrub runs already; wait for it, or stop it");
        }
        try
        {
            array.scrub(how.equals("repair") ? RaidArray.Scrub.REPAIR : RaidArray.Scrub.CHECK);
        }
        catch (final RaidException refused)
        {
            served.scrubs().giveUp();
            throw refused;
        }
        return Answer.done(how + " begins when nothing more urgent is to be done");
    }

    /** How the last scrub ended; not now, while one is on. */
    private Answer scrubbed()
    {
        final ScrubWatch scrubs = served.scrubs();
        if (served.array().describe().state() == ArrayState.FAILED)
        {
            return new Answer(ExitCode.DAMAGED, served.array().describe().reason());
        }
        if (scrubs.isWanted())
        {
            return new Answer(ExitCode.NOT_NOW, served.array().describe().reason());
        }
        final String outcome = scrubs.outcome();
        final boolean differed = outcome.startsWith("check") && served.array().describe().mismatchSectors() > 0;
        return new Answer(differed ? ExitCode.DAMAGED : outcome.contains("stopped") ? ExitCode.FAILED : ExitCode.DONE,
            outcome);
    }

    private Answer limit(final String rate) throws ServeException
    {
        try
        {
            served.limit(RateText.parse(rate));
        }
        catch (final IllegalArgumentException unreadable)
        {
            throw new ServeException(ExitCode.USAGE, "\"" + rate + "\" is no limit; expected " +
                unreadable.getMessage());
        }
        return Answer.done(served.limitBytesPerSecond() == 0 ? "no limit" :
            "at most " + SizeText.of(served.limitBytesPerSecond()) + "/s of each disk");
    }

    private Answer fault(final List<String> words) throws ServeException
    {
        final DiskBay bay = members.bay(word(words, 0));
        final String kind = word(words, 1);
        try
        {
            served.plans().add(LiveFault.of(
                served.config(), bay.name(), kind, words.subList(2, words.size()), ++faults));
            served.plans().step();
        }
        catch (final PlanException wrong)
        {
            throw new ServeException(ExitCode.USAGE, String.join("\n", wrong.lines()));
        }
        return Answer.done(bay.name() + " has " + kind);
    }

    private Answer cut(final String seed) throws ServeException
    {
        if (!seed.matches("-?\\d{1,18}"))
        {
            throw new ServeException(ExitCode.USAGE, "\"" + seed + "\" is no seed; expected a whole number " +
                "of at most 18 digits");
        }
        // first, so that what the array makes of disks without power is not taken for the reason why the server ends
        stop.run();
        return Answer.done(served.cutPower(Long.parseLong(seed)));
    }

    private Answer stop()
    {
        stop.run();
        return Answer.done(served.array().name() + " is being stopped");
    }
}
