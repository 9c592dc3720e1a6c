// What `dotnet new web` makes: the yardstick for the start of `run`. Arguments: --urls http://127.0.0.1:PORT
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
WebApplication app = builder.Build();
app.MapGet("/", () => "Hello World!");
await app.RunAsync();
