using System.Security.Cryptography;
using LambdaStreamRunner.Host.Reports;

namespace LambdaStreamRunner.Host.Tests.Reports;

public class VendoredLibraryTests
{
    /// <summary>Of echarts 6.1.0, dist/echarts.min.js, as npm serves it; update.sh beside the file prints that of another version.</summary>
    private const string Sha256 = "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0";

    [Fact]
    public void The_charting_library_is_the_one_that_was_published()
    {
        using Stream library = typeof(TuningReport).Assembly.GetManifestResourceStream("Reports/Assets/echarts/echarts.min.js")!;

        Assert.Equal(Sha256, Convert.ToHexStringLower(SHA256.HashData(library)));
    }
}
