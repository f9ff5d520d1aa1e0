package io.farblock.daemon.config;

/**
 * Every key of the configuration file: where it stands, what it is when absent, its unit, its meaning. The only list
 * of them: the reader, {@code farblock config show} and the manual's table come from here. Immutable.
 */
public enum ConfigKey
{
    SITE(Section.ROOT, "site", Absent.REQUIRED, "name", "what this site is called, here and by its peers"),
    STATE(Section.ROOT, "state", "/var/lib/farblock", "directory", "digest tables, lineage and journals"),
    CONTROL(Section.ROOT, "control", "/run/farblock/control.sock", "socket", "where the commands reach the daemon"),
    CERTIFICATE(Section.ROOT, "certificate", Absent.MADE, "absolute path",
        "this site's certificate in PEM, with those that lead to its issuer; stands with key"),
    KEY(Section.ROOT, "key", Absent.MADE, "absolute path", "its private key in PEM: ECDSA, Ed25519 or RSA"),
    AUTHORITY(Section.ROOT, "authority", Absent.NOTHING, "absolute path",
        "certificates in PEM whose word on other sites counts: what they issued speaks for the site that it names"),
    JOURNAL_LIMIT(Section.ROOT, "journal_limit", "8GiB", "size",
        "what one epoch may put into the target's journal; a larger one is refused"),
    JOURNAL_RESERVE(Section.ROOT, "journal_reserve", "256MiB", "size",
        "free space that stays on the journal's file system"),
    WINDOW(Section.ROOT, "window", "32MiB", "size",
        "blocks in flight and not acknowledged, per peer: bounds memory and what is sent again"),
    COMPRESSION(Section.ROOT, "compression", "zstd:1", "none or zstd:LEVEL", "how blocks are compressed for the paths"),
    COMPRESSORS(Section.ROOT, "compressors", "number of cores", "threads", "compress stages of a source"),
    VERIFIERS(Section.ROOT, "verifiers", "number of cores", "threads", "verify stages of a target"),

    LISTEN_ADDRESSES(Section.LISTEN, "addresses", Absent.REQUIRED, "list of IP:PORT",
        "where sources connect to; makes this site a target"),
    LISTEN_INSECURE(Section.LISTEN, "insecure", "false", "true or false",
        "true: no TLS; everything arrives in clear, from whoever connects"),
    LISTEN_BLOCK_MAX(Section.LISTEN, "block_max", "64KiB", "size, power of two",
        "largest block that a source may send; divides the window into slots"),

    PEER_NAME(Section.PEER, "name", Absent.REQUIRED, "name",
        "another site: one that groups are sent to, or that sends"),
    PEER_FINGERPRINTS(Section.PEER, "fingerprints", Absent.NOTHING, "list of sha256:HEX",
        "certificates that it is known by, besides those that farblock pair has pinned"),
    PEER_INSECURE(Section.PEER, "insecure", "false", "true or false",
        "true: no TLS; everything is sent in clear, to whoever answers"),
    PEER_MODE(Section.PEER, "mode", "stripe", "stripe or standby",
        "how the paths share the work: all at once, or only the cheapest that are up"),
    PEER_LIMIT(Section.PEER, "limit", Absent.UNLIMITED, "list of RATE [DAYS] [HH:MM-HH:MM]",
        "what all paths together may carry; the first that covers a moment counts"),
    PATH_NAME(Section.PATH, "name", Absent.REQUIRED, "name", "one route to the peer, in status and logs"),
    PATH_LOCAL(Section.PATH, "local", Absent.ROUTED, "IP", "local address that binds the route to a line"),
    PATH_REMOTE(Section.PATH, "remote", Absent.REQUIRED, "HOST:PORT", "where the peer listens"),
    PATH_COST(Section.PATH, "cost", "0", "whole number",
        "standby: carries frames only while no path with a lower cost is up"),
    PATH_METERED(Section.PATH, "metered", "false", "true or false",
        "carries frames only while no other path is up, in either mode; costs some 15 MB a day to be kept ready"),
    PATH_LIMIT(Section.PATH, "limit", Absent.UNLIMITED, "list of RATE [DAYS] [HH:MM-HH:MM]",
        "what this path may carry"),

    GROUP_NAME(Section.GROUP, "name", Absent.REQUIRED, "name", "volumes that are cut at one instant"),
    GROUP_PEER(Section.GROUP, "peer", Absent.REQUIRED, "name of a [[peer]]", "where the group goes"),
    GROUP_INTERVAL(Section.GROUP, "interval", Absent.ON_DEMAND, "duration",
        "from the start of one epoch to the start of the next"),
    GROUP_CONSISTENCY(Section.GROUP, "consistency", "live", "live, suspend, stop or snapshot",
        "what makes an epoch one instant: nothing, frozen file systems, a stopped application, a snapshot"),
    GROUP_PAUSE(Section.GROUP, "pause", "500ms", "duration",
        "suspend: how long file systems may stay frozen while the rest is read; what takes longer is for another pass"),
    GROUP_BEFORE(Section.GROUP, "before", Absent.NOTHING, "list: program, arguments",
        "brings the application to rest before the instant; stop needs it; not for live"),
    GROUP_AFTER(Section.GROUP, "after", Absent.NOTHING, "list: program, arguments",
        "lets it go on; stands with before, and runs whenever before has run, whatever happened since"),
    GROUP_HOOK_LIMIT(Section.GROUP, "hook_limit", "30s", "duration", "how long before or after may take"),
    GROUP_PRIORITY(Section.GROUP, "priority", "100", "whole number",
        "on battery: groups with a lower one are drained first"),
    GROUP_BATTERY_INTERVAL(Section.GROUP, "battery_interval", Absent.POWER, "duration",
        "from epoch to epoch while shorten is in force"),
    GROUP_ON_BATTERY(Section.GROUP, "on_battery", Absent.POWER, "list of seal, shorten, drain, hold",
        "what is done with this group on battery; [] for nothing"),
    GROUP_LOW(Section.GROUP, "low", Absent.POWER, "list of seal, shorten, drain, hold",
        "what is done with it when the battery is low; the site may stop besides"),
    GROUP_BYPASS(Section.GROUP, "bypass", Absent.POWER, "list of seal, shorten, hold",
        "what is done with it while mains goes past the UPS"),
    GROUP_UNKNOWN(Section.GROUP, "unknown", Absent.POWER, "list of seal, shorten, hold",
        "what is done with it while no UPS says anything"),
    VOLUME_NAME(Section.VOLUME, "name", Absent.REQUIRED, "name", "one replicated device"),
    VOLUME_DEVICE(Section.VOLUME, "device", Absent.REQUIRED, "absolute path", "block device or image file to read"),
    VOLUME_TRACKING(Section.VOLUME, "tracking", "scan", "scan or bpf",
        "how changes are found: scan reads and compares, bpf has the kernel mark what is written to a block device"),
    VOLUME_BLOCK(Section.VOLUME, "block", "64KiB", "size, power of two",
        "unit of digests and of what is sent; fixed by the first epoch"),

    VOLUME_SNAPSHOT(Section.VOLUME, "snapshot", "reflink", "reflink, lvm or hook",
        "who makes the snapshot: the file system of an image (btrfs, XFS), LVM, or snapshot_create"),
    VOLUME_SNAPSHOT_SIZE(Section.VOLUME, "snapshot_size", "20%", "bytes or percent of the volume",
        "lvm: room for what is overwritten while the snapshot is read"),
    VOLUME_SNAPSHOT_CREATE(Section.VOLUME, "snapshot_create", Absent.NOTHING, "list: program, arguments",
        "hook: makes the snapshot and prints the path to read"),
    VOLUME_SNAPSHOT_REMOVE(Section.VOLUME, "snapshot_remove", Absent.NOTHING, "list: program, arguments",
        "hook: removes it"),

    REPLICA_PEER(Section.REPLICA, "peer", Absent.REQUIRED, "name", "the site that sends"),
    REPLICA_GROUP(Section.REPLICA, "group", Absent.REQUIRED, "name", "its group"),
    REPLICA_VOLUME(Section.REPLICA, "volume", Absent.REQUIRED, "name", "its volume"),
    REPLICA_DEVICE(Section.REPLICA, "device", Absent.REQUIRED, "absolute path",
        "block device, or image file that is made when it does not exist"),
    REPLICA_OVERWRITE(Section.REPLICA, "overwrite", Absent.NOTHING, "id",
        "id of the foreign content on the device that may be overwritten, as the refusal names it"),

    UPS_NAME(Section.UPS, "name", Absent.REQUIRED, "name", "one UPS, in status and logs"),
    UPS_SERVER(Section.UPS, "server", "127.0.0.1:3493", "HOST or HOST:PORT", "the NUT server (upsd) that knows it"),
    UPS_UPS(Section.UPS, "ups", Absent.REQUIRED, "name", "what that server calls it: upsc -l HOST lists them"),
    UPS_POWER_VALUE(Section.UPS, "power_value", "1", "whole number",
        "how many of this machine's power supplies it feeds, as in upsmon's MONITOR line; 0 only watches"),
    UPS_POLL(Section.UPS, "poll", "2s", "duration", "from one question to the next"),
    UPS_STALE_AFTER(Section.UPS, "stale_after", "15s", "duration",
        "how old the last good answer may become before the UPS is unknown"),
    UPS_TLS(Section.UPS, "tls", "off", "off, try or require", "whether the line to the server is encrypted"),
    UPS_AUTHORITY(Section.UPS, "authority", Absent.ANY, "absolute path",
        "certificates in PEM that the server's must lead to; not for tls = \"off\""),

    POWER_MIN_SUPPLIES(Section.POWER, "min_supplies", "1", "whole number",
        "so many supplies keep this machine up, as upsmon's MINSUPPLIES"),
    POWER_DEBOUNCE(Section.POWER, "debounce", "5s", "duration",
        "a state must last so long before anything is done; a forced shutdown counts at once"),
    POWER_RESERVE(Section.POWER, "reserve", "60s", "duration",
        "runtime of the battery that belongs to the shutdown: drain begins nothing that would use it"),
    POWER_BATTERY_INTERVAL(Section.POWER, "battery_interval", "30s", "duration",
        "from epoch to epoch while shorten is in force"),
    POWER_RESUME_AFTER(Section.POWER, "resume_after", "60s", "duration",
        "mains must be back for so long before a site that stood down goes on"),
    POWER_LAST_EPOCH(Section.POWER, "last_epoch", "20s", "duration",
        "how long the last epochs may take when the service is ended on battery; 0s for none"),
    POWER_ONLINE(Section.POWER, "online", Absent.EVENT, "list of seal, shorten, hold, persist",
        "what is done when mains is there again"),
    POWER_ON_BATTERY(Section.POWER, "on_battery", "drain, shorten",
        "list of seal, shorten, drain, hold, persist, stop", "what is done on battery; [] for nothing"),
    POWER_LOW(Section.POWER, "low", "drain, stop", "list of seal, shorten, drain, hold, persist, stop",
        "what is done when the battery is low"),
    POWER_FORCED_SHUTDOWN(Section.POWER, "forced_shutdown", "stop",
        "list of seal, shorten, drain, hold, persist, stop", "what is done when the UPS is about to be switched off"),
    POWER_BYPASS(Section.POWER, "bypass", Absent.EVENT, "list of seal, shorten, hold, persist",
        "what is done while mains goes past the UPS"),
    POWER_UNKNOWN(Section.POWER, "unknown", Absent.EVENT, "list of seal, shorten, hold, persist",
        "what is done while no UPS says anything, which is no outage"),
    POWER_REPLACE_BATTERY(Section.POWER, "replace_battery", Absent.EVENT, "list of seal, persist",
        "what is done when a UPS begins to ask for a new battery"),
    POWER_CHANGED(Section.POWER, "changed", Absent.NOTHING, "list: program, arguments",
        "runs whenever the state has changed, with FARBLOCK_POWER_STATE and others in its environment"),
    POWER_STOPPED(Section.POWER, "stopped", Absent.NOTHING, "list: program, arguments",
        "runs when this site has come to rest: shutdown order"),
    POWER_RESUMED(Section.POWER, "resumed", Absent.NOTHING, "list: program, arguments",
        "runs when it goes on again"),
    POWER_HOOK_LIMIT(Section.POWER, "hook_limit", "30s", "duration", "how long each of the three may take");

    /** What the table says of keys without a default value. */
    private static final class Absent
    {
        static final String REQUIRED = "required";
        static final String ROUTED = "as routed";
        static final String ON_DEMAND = "on demand only";
        static final String NOTHING = "nothing";
        static final String UNLIMITED = "unlimited";
        static final String POWER = "as for the site";
        static final String EVENT = "only an event";
        static final String ANY = "any certificate";
        static final String MADE = "made at the first start, in state/identity";
    }

    private final Section section;
    private final String key;
    private final String defaultText;
    private final String unit;
    private final String meaning;

    ConfigKey(final Section section, final String key, final String defaultText, final String unit,
        final String meaning)
    {
        this.section = section;
        this.key = key;
        this.defaultText = defaultText;
        this.unit = unit;
        this.meaning = meaning;
    }

    Section section()
    {
        return section;
    }

    /** Its name inside its table. */
    String key()
    {
        return key;
    }

    /** Its name with the tables around it, as messages and the manual show it. */
    public String dotted()
    {
        return section.dotted(key);
    }

    public boolean required()
    {
        return defaultText.equals(Absent.REQUIRED);
    }

    /** The value that stands when the key is absent, in the file's own notation, or words that say what happens. */
    public String defaultText()
    {
        return defaultText;
    }

    public String unit()
    {
        return unit;
    }

    public String meaning()
    {
        return meaning;
    }
}
