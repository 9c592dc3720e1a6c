using LambdaStreamRunner.Runner.Environments.Processes;
using LambdaStreamRunner.Runner.Tests.Starter;

// A process of its own whose open files, children and death are nobody else's:
//   starter stay CONFINEMENT SCRIPT...      runs the scripts until it is killed, and passes on what they write
//   starter restart CONFINEMENT COUNT       starts and ends a shell again and again, and tells what that has cost and left open
//   starter function CONFINEMENT COUNT FOLDER   invokes a function whose bootstrap, in that folder, ends after each invocation, and tells the same
var host = new ProcessHost(TimeProvider.System, Enum.Parse<Confinement>(args[1]));
return args[0] switch
{
    "stay" => await Stay.RunAsync(host, args[2..]),
    "restart" => await Restart.RunAsync(host, int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture)),
    "function" => await RestartFunction.RunAsync(int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture), args[3]),
    _ => throw new ArgumentException($"{args[0]} is neither stay nor restart nor function."),
};
