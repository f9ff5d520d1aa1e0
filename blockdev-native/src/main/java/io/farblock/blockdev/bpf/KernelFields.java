package io.farblock.blockdev.bpf;

import io.farblock.blockdev.bpf.Btf.Field;
import java.util.List;

/**
 * Where the running kernel keeps what the programs read, resolved once from its own type information. Immutable.
 *
 * @param operation    operation and flags of the request or bio.
 * @param toDisk       the pointers to follow from there to the disk.
 * @param sector       first sector, counted from the start of the disk.
 * @param lengthBytes  length in bytes.
 * @param bios         the first bio of a request; not for bios.
 * @param nextBio      the next bio of a request.
 * @param bioSector    first sector of a bio.
 * @param bioLength    length of a bio in bytes.
 * @param major        major number of a disk.
 * @param firstMinor   minor number of a disk.
 */
record KernelFields(Field operation, List<Field> toDisk, Field sector, Field lengthBytes, Field bios, Field nextBio,
    Field bioSector, Field bioLength, Field major, Field firstMinor)
{
    static KernelFields of(final Btf btf, final boolean request) throws BpfException
    {
        final Field bioSector = btf.field("bio", "bi_iter", "bi_sector");
        final Field bioLength = btf.field("bio", "bi_iter", "bi_size");
        final Field nextBio = btf.field("bio", "bi_next");
        final Field major = btf.field("gendisk", "major");
        final Field firstMinor = btf.field("gendisk", "first_minor");
        if (request)
        {
            return new KernelFields(btf.field("request", "cmd_flags"), requestToDisk(btf),
                btf.field("request", "__sector"), btf.field("request", "__data_len"), btf.field("request", "bio"),
                nextBio, bioSector, bioLength, major, firstMinor);
        }
        return new KernelFields(btf.field("bio", "bi_opf"), bioToDisk(btf), bioSector, bioLength, null, nextBio,
            bioSector, bioLength, major, firstMinor);
    }

    private static List<Field> requestToDisk(final Btf btf) throws BpfException
    {
        // before 5.17 a request knew its disk, before 5.15 its queue did not
        return btf.has("request", "rq_disk") ? List.of(btf.field("request", "rq_disk")) :
            List.of(btf.field("request", "q"), btf.field("request_queue", "disk"));
    }

    private static List<Field> bioToDisk(final Btf btf) throws BpfException
    {
        return btf.has("bio", "bi_disk") ? List.of(btf.field("bio", "bi_disk")) :
            List.of(btf.field("bio", "bi_bdev"), btf.field("block_device", "bd_disk"));
    }
}
