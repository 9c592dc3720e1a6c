using System.Buffers;
using LambdaStreamRunner.StreamServer.Listening;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

public class BlockPoolTests
{
    [Fact]
    public void A_block_that_was_given_back_is_given_out_again()
    {
        using var pool = new BlockPool();
        IMemoryOwner<byte> block = pool.Rent();
        block.Dispose();

        Assert.Same(block, pool.Rent(BlockPool.BlockLength));
    }

    [Fact]
    public void Two_owners_never_share_a_block()
    {
        using var pool = new BlockPool();
        using IMemoryOwner<byte> first = pool.Rent();
        using IMemoryOwner<byte> second = pool.Rent();

        Assert.NotSame(first, second);
        Assert.Equal(BlockPool.BlockLength, first.Memory.Length);
    }

    [Fact]
    public void More_than_a_block_is_refused()
    {
        using var pool = new BlockPool();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockLength + 1));
    }

    [Fact]
    public void What_is_kept_has_an_end()
    {
        using var pool = new BlockPool();
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, BlockPool.KeptMax + 10).Select(_ => pool.Rent())];
        foreach (IMemoryOwner<byte> block in blocks)
            block.Dispose();

        int kept = Enumerable.Range(0, blocks.Length).Select(_ => pool.Rent()).Intersect(blocks).Count();

        Assert.Equal(BlockPool.KeptMax, kept);
    }
}
